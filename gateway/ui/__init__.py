"""The web pages: rendered on the server, whole without JavaScript, live with it."""
