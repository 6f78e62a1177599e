import unittest

from runner.intervals import rank_of_interval, spread


class RankOfInterval(unittest.TestCase):
    def test_is_that_of_the_sign_test(self):
        # From tables of the sign test: two-sided, 5 %.
        for count, rank in ((6, 1), (8, 1), (9, 2), (11, 2), (12, 3), (15, 4), (20, 6), (25, 8)):
            with self.subTest(count=count):
                self.assertEqual(rank_of_interval(count), rank)

    def test_is_the_extremes_where_there_is_no_interval(self):
        for count in range(1, 6):
            self.assertEqual(rank_of_interval(count), 1)


class SpreadOfValues(unittest.TestCase):
    def test_has_the_median_the_interval_and_the_extremes(self):
        found = spread([9, 1, 8, 2, 7, 3, 6, 4, 5])
        self.assertEqual((found.median, found.low, found.high), (5, 2, 8))
        self.assertEqual((found.minimum, found.maximum, found.count), (1, 9, 9))
        self.assertTrue(found.is_sure())

    def test_is_not_sure_with_five(self):
        self.assertFalse(spread([1, 2, 3, 4, 5]).is_sure())

    def test_takes_one_value(self):
        found = spread([3])
        self.assertEqual((found.low, found.median, found.high), (3, 3, 3))
