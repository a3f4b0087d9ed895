"""Random models that mix every feature, for comparing the engines and for property tests."""

from verification.random_models.models import random_model

__all__ = ["random_model"]
