"""A map held against the world: prices of another year, who pays and who saves, how sure each number is."""
