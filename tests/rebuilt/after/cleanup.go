package main

func cleaning(done <-chan struct{}) {
	defer func() {
		<-done
	}()
}
