"""One language model call per sales channel, and the reading of its imperfect answer.

`AgentClient.analyse` is the door; `read_answer` is the pure reader behind it.
"""
