//go:build go1.23

package main

// The line numbers of this version differ from those of the other.
//
// Nothing else in this comment matters.

import "iter"

func upTo(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

//go:noinline
func pairs(yield func(int, int) bool) {
	yield(1, 2)
}

func startLoops() {
	first := func() int {
		for n := range upTo(3) {
			return n
		}
		return 0
	}
	_ = first()
	for range 4 {
		go func() {
			for range upTo(3) {
				<-never
			}
		}()
		go func() {
			for range pairs {
				for range pairs {
					<-never
				}
			}
		}()
	}
}
