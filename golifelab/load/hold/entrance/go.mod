module entrance

go 1.24
