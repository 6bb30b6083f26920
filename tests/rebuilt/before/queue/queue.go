// Package queue hands items to consumers.
package queue

// Queue is bounded.
type Queue[T any] struct {
	items chan T
}

// New makes a queue for n items.
func New[T any](n int) *Queue[T] {
	return &Queue[T]{items: make(chan T, n)}
}

// Consume calls f for every item.
func (q *Queue[T]) Consume(f func(T) error) error {
	for item := range q.items {
		if err := f(item); err != nil {
			return err
		}
	}
	return nil
}

// Spawn calls f in n goroutines.
func Spawn(n int, f func()) {
	for i := 0; i < n; i++ {
		go func() {
			f()
		}()
	}
}
