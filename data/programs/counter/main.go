package main

// named is what all of these types can be asked for.
type named interface{ Name() string }

// renamer asks for more.
type renamer interface {
	named
	Rename(to string)
}

type label struct{ text string }

func (l label) Name() string      { return l.text }
func (l *label) Rename(to string) { l.text = to }

// counter has a label in it, and two methods of its own.
type counter struct {
	label
	n int
}

func (c counter) Value() int { return c.n }
func (c *counter) Inc()      { c.n++ }

// shared has a pointer to a label in it.
type shared struct{ *label }

func main() {
	c := &counter{label: label{"visits"}}
	var r renamer = c
	r.Rename("hits")
	c.Inc()
	s := shared{&c.label}
	s.Rename("clicks")
	println(c.Name(), c.Value())
}
