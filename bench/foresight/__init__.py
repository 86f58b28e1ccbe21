"""`python -m bench foresight`: whether a model can predict which plans stall or fail (docs/foresight.md)."""
