"""The Faust app: land (validate, pseudonymise, store), aggregate; dead letters."""
