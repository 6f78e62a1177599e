# No coroutine has a shape that g++ 12 compiles wrongly.
counted script/check-coroutines
