// Two transfers in opposite directions lock two accounts in opposite orders; readers queue behind them.
package main

import (
	"os"
	"runtime/pprof"
	"sync"
	"time"
)

type Account struct {
	id      int
	balance int64
	mu      sync.Mutex
}

type Bank struct {
	name     string
	accounts [2]*Account
}

func (b *Bank) Transfer(from, to *Account, amount int64) {
	from.mu.Lock()
	defer from.mu.Unlock()
	time.Sleep(20 * time.Millisecond)
	to.mu.Lock()
	defer to.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}

func (b *Bank) Report(account *Account) int64 {
	account.mu.Lock()
	defer account.mu.Unlock()
	return account.balance
}

func main() {
	bank := &Bank{name: "b", accounts: [2]*Account{{id: 1}, {id: 2}}}
	go bank.Transfer(bank.accounts[0], bank.accounts[1], 10)
	go bank.Transfer(bank.accounts[1], bank.accounts[0], 20)
	time.Sleep(100 * time.Millisecond)
	for i := range [30]int{} {
		go bank.Report(bank.accounts[i%2])
	}
	time.Sleep(100 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
}
