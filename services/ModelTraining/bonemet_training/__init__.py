"""Trains the image encoders of BoneMetPlatform and exports them to ONNX."""

__version__ = "0.1.0"
