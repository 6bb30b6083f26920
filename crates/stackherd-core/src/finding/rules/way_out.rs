//! What would let a goroutine go on, by what it waits in. For rules that know it is stuck and not by which mistake.

use crate::finding::{Fix, GroupView};
use crate::text::{Text, text};
use crate::wait::Category;

/// What would let a goroutine go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WayOut {
    /// What it does, behind "stuck" and "left": `sending on a channel`.
    pub(super) operation: Text,
    /// What it waits for in vain.
    pub(super) lacks: Text,
    /// What to change.
    pub(super) fix: Fix,
    /// Where to read on.
    pub(super) reference: &'static str,
}

/// The way out for the goroutines of `group`.
pub(super) fn way_out(group: GroupView<'_>) -> WayOut {
    let reason = group.wait_reason();
    match group.category() {
        _ if reason.ends_with("(nil chan)") => nil_channel(),
        _ if reason.starts_with("select (no cases)") => empty_select(),
        Category::ChanSend => send(),
        Category::ChanReceive => receive(),
        Category::Chan => channel(),
        Category::Select => select(),
        Category::Lock => lock(),
        Category::Wait if group.has("sync.(*WaitGroup).Wait") => wait_group(),
        Category::Wait if group.has("sync.(*Cond).Wait") => condition(),
        Category::Sleep => sleep(),
        Category::Io => io(),
        _ => other(),
    }
}

/// A channel that was never made.
pub(super) fn nil_channel() -> WayOut {
    WayOut {
        operation: text!("using a nil channel", "使用 nil 通道"),
        lacks: text!(
            "Sending to a nil channel and receiving from one block forever: it was never made, and nothing can wake them.",
            "对 nil 通道的发送和接收会永远阻塞：通道从未创建，没有任何东西能唤醒它们。"
        ),
        fix: Fix {
            summary: text!(
                "Make the channel before the goroutine starts, and pass it as an argument.",
                "在启动 goroutine 之前创建通道，并以参数传入。"
            ),
            before: "type Job struct {\n\tdone chan struct{}\n}\n\njob := &Job{}\ngo func() { job.done <- struct{}{} }() // nil: never ends",
            after: "type Job struct {\n\tdone chan struct{}\n}\n\njob := &Job{done: make(chan struct{}, 1)}\ngo func() { job.done <- struct{}{} }()",
        },
        reference: "https://go.dev/ref/spec#Channel_types",
    }
}

/// `select {}`.
pub(super) fn empty_select() -> WayOut {
    WayOut {
        operation: text!("in a select without cases", "停在没有 case 的 select 中"),
        lacks: text!(
            "A select without cases waits for nothing and blocks forever.",
            "没有 case 的 select 什么也不等，会永远阻塞。"
        ),
        fix: Fix {
            summary: text!(
                "Wait for something that ends: a context, or a channel that is closed at shutdown.",
                "等待会结束的东西：context，或关闭时会被 close 的通道。"
            ),
            before: "go func() {\n\tstart()\n\tselect {} // never ends\n}()",
            after: "go func() {\n\tstart()\n\t<-ctx.Done()\n\tstop()\n}()",
        },
        reference: "https://go.dev/ref/spec#Select_statements",
    }
}

fn send() -> WayOut {
    WayOut {
        operation: text!("sending on a channel", "在通道上发送"),
        lacks: text!("A send ends when somebody receives.", "发送要等到有人接收才会结束。"),
        fix: Fix {
            summary: text!(
                "Give the channel room for the one value, or let the sender give up when its context ends.",
                "为通道留出一个值的缓冲，或让发送方在 context 结束时放弃。"
            ),
            before: "ch := make(chan T)\ngo func() { ch <- work() }()",
            after: "ch := make(chan T, 1)\ngo func() { ch <- work() }()",
        },
        reference: "https://go.dev/blog/pipelines",
    }
}

fn receive() -> WayOut {
    WayOut {
        operation: text!("receiving from a channel", "从通道接收"),
        lacks: text!("A receive ends when somebody sends or closes the channel.", "接收要等到有人发送或关闭通道才会结束。"),
        fix: Fix {
            summary: text!(
                "Let the sender close the channel when it is done, on every path, or receive in a select with the context.",
                "让发送方在每条路径上结束时关闭通道，或在 select 中同时等待 context。"
            ),
            before: "go func() {\n\tfor v := range ch { // ch is never closed\n\t\tuse(v)\n\t}\n}()",
            after: "go func() {\n\tdefer close(ch) // in the sender\n\tproduce(ch)\n}()",
        },
        reference: "https://go.dev/blog/pipelines",
    }
}

fn channel() -> WayOut {
    WayOut {
        operation: text!("in a channel operation", "停在通道操作中"),
        lacks: text!(
            "A channel operation ends when the other side does its part or the channel is closed.",
            "通道操作要等到另一方配合或通道关闭才会结束。"
        ),
        fix: Fix {
            summary: text!(
                "Do it in a select with the context, so that it ends when the other side is gone.",
                "放进 select 并同时等待 context，使其在另一方离开时结束。"
            ),
            before: "v := <-ch",
            after: "select {\ncase v := <-ch:\n\tuse(v)\ncase <-ctx.Done():\n\treturn ctx.Err()\n}",
        },
        reference: "https://go.dev/blog/pipelines",
    }
}

fn select() -> WayOut {
    WayOut {
        operation: text!("in a select", "停在 select 中"),
        lacks: text!(
            "A select ends when one of its cases can go on; none does.",
            "select 要等到某个 case 可以继续才会结束；而没有一个可以。"
        ),
        fix: Fix {
            summary: text!(
                "Give the loop a case that ends it, and see that whoever starts it ends it.",
                "为循环加上使其结束的 case，并确保启动它的一方会结束它。"
            ),
            before: "for {\n\tselect {\n\tcase job := <-jobs:\n\t\trun(job)\n\tcase <-ticker.C:\n\t\tflush()\n\t}\n}",
            after: "defer ticker.Stop()\nfor {\n\tselect {\n\tcase job := <-jobs:\n\t\trun(job)\n\tcase <-ticker.C:\n\t\tflush()\n\tcase <-ctx.Done():\n\t\treturn\n\t}\n}",
        },
        reference: "https://go.dev/blog/context",
    }
}

fn lock() -> WayOut {
    WayOut {
        operation: text!("waiting for a lock", "等待锁"),
        lacks: text!("A lock is taken when its holder unlocks it.", "要等到持有者解锁才能取得锁。"),
        fix: Fix {
            summary: text!(
                "Unlock on every path, and never wait for something else while the lock is held.",
                "在每条路径上解锁，持锁时不要等待别的东西。"
            ),
            before: "mu.Lock()\nif err := step(); err != nil {\n\treturn err // still locked\n}\nmu.Unlock()",
            after: "mu.Lock()\ndefer mu.Unlock()\nif err := step(); err != nil {\n\treturn err\n}",
        },
        reference: "https://pkg.go.dev/sync#Mutex",
    }
}

fn wait_group() -> WayOut {
    WayOut {
        operation: text!("waiting for a WaitGroup", "等待 WaitGroup"),
        lacks: text!("Wait ends when Done was called as often as Add said.", "Wait 要等到 Done 的次数与 Add 相符才会结束。"),
        fix: Fix {
            summary: text!(
                "Call Add before the goroutine starts and Done by defer, or use WaitGroup.Go (Go 1.25).",
                "在启动 goroutine 之前调用 Add，用 defer 调用 Done，或使用 WaitGroup.Go（Go 1.25）。"
            ),
            before: "wg.Add(1)\ngo func() {\n\tif err := work(); err != nil {\n\t\treturn // no Done\n\t}\n\twg.Done()\n}()",
            after: "wg.Add(1)\ngo func() {\n\tdefer wg.Done()\n\tif err := work(); err != nil {\n\t\treturn\n\t}\n}()",
        },
        reference: "https://pkg.go.dev/sync#WaitGroup",
    }
}

fn condition() -> WayOut {
    WayOut {
        operation: text!("waiting for a sync.Cond", "等待 sync.Cond"),
        lacks: text!(
            "Wait ends when somebody calls Signal or Broadcast.",
            "Wait 要等到有人调用 Signal 或 Broadcast 才会结束。"
        ),
        fix: Fix {
            summary: text!(
                "Change the condition under the lock and then wake all who wait, also at shutdown.",
                "持锁修改条件后唤醒所有等待者，关闭时也要唤醒。"
            ),
            before: "q.closed = true // nobody is told",
            after: "q.mu.Lock()\nq.closed = true\nq.mu.Unlock()\nq.cond.Broadcast()",
        },
        reference: "https://pkg.go.dev/sync#Cond",
    }
}

fn sleep() -> WayOut {
    WayOut {
        operation: text!("sleeping in a loop", "在循环中休眠"),
        lacks: text!("A loop around a sleep needs a way out of its own.", "包着 sleep 的循环需要自己的出口。"),
        fix: Fix {
            summary: text!("Wait for a timer and the context in one select.", "在同一个 select 中等待定时器和 context。"),
            before: "for {\n\tpoll()\n\ttime.Sleep(interval)\n}",
            after: "ticker := time.NewTicker(interval)\ndefer ticker.Stop()\nfor {\n\tpoll()\n\tselect {\n\tcase <-ticker.C:\n\tcase <-ctx.Done():\n\t\treturn\n\t}\n}",
        },
        reference: "https://go.dev/blog/context",
    }
}

fn io() -> WayOut {
    WayOut {
        operation: text!("waiting for the network", "等待网络"),
        lacks: text!(
            "It ends when data comes, a deadline passes or the connection is closed.",
            "要等到有数据、到达截止时间或连接关闭才会结束。"
        ),
        fix: Fix {
            summary: text!(
                "Close the connection or the server when it is no longer needed, and set deadlines.",
                "不再需要时关闭连接或服务器，并设置截止时间。"
            ),
            before: "conn, err := net.Dial(\"tcp\", addr)\nif err != nil {\n\treturn err\n}\ngo read(conn)",
            after: "conn, err := net.Dial(\"tcp\", addr)\nif err != nil {\n\treturn err\n}\ndefer conn.Close() // ends the reader\ngo read(conn)",
        },
        reference: "https://pkg.go.dev/net#Conn",
    }
}

fn other() -> WayOut {
    WayOut {
        operation: text!("with work of its own", "仍在做自己的事"),
        lacks: text!("It was started and nothing waited for its end.", "它被启动后，没有人等待它结束。"),
        fix: Fix {
            summary: text!(
                "Give it a way to end, and wait for that end where it was started.",
                "给它结束的途径，并在启动它的地方等待其结束。"
            ),
            before: "go s.run()",
            after: "ctx, cancel := context.WithCancel(ctx)\ndefer s.wg.Wait()\ndefer cancel()\ns.wg.Add(1)\ngo func() {\n\tdefer s.wg.Done()\n\ts.run(ctx)\n}()",
        },
        reference: "https://go.dev/blog/context",
    }
}
