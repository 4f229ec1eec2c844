"""SAR: scene-adaptive regressors on the photo and the face."""
