module example.org/echoes

go 1.19

require example.org/relay v0.0.0
