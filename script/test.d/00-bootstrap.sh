# What the tests need is installed.
counted script/bootstrap --test
