# Nothing is tracked that should not be.
counted script/check-repository
