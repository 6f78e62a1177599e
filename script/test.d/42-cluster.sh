# Clusters that share a real Redis, with official servers and without.
cluster release
