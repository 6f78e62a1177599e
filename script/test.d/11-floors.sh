# No include runs upwards.
counted script/check-floors
