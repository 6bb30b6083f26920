//go:build go1.23

package main

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
