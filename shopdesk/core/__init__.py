"""The shop file and the one door for writes; knows nothing of Qt or of any feature."""
