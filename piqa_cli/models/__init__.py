"""Networks: tensors in, tensors out; they know no files, settings or records."""
