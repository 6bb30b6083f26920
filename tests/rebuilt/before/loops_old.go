//go:build !go1.23

package main

// startLoops ranges over functions from Go 1.23 on.
func startLoops() {}
