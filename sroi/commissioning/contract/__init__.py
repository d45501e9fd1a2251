"""Contract reporting: which indicators the law asks for, their yearly rating, its notice, and what is due when."""
