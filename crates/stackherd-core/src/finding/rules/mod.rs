//! A file per rule.

mod across;
mod blocked_receivers;
mod blocked_senders;
mod cond_never_signalled;
mod connection_pool_exhausted;
mod context_never_cancelled;
mod count_rising;
mod crash;
mod database_opened_per_call;
mod deadlock;
mod deep_recursion;
mod empty_select;
mod errgroup_limit_deadlock;
#[cfg(test)]
mod fixtures;
mod goleak_failure;
mod goroutine_per_request;
mod growing_group;
mod grpc_stream_abandoned;
mod http_body_not_closed;
mod http_client_no_timeout;
mod http_server_no_timeout;
mod io_without_deadline;
mod lock_cycle;
mod lock_pileup;
mod nil_channel;
mod once_reentry;
mod outlier_instance;
mod pipe_blocked;
mod process_wait;
mod recursive_read_lock;
mod rows_not_closed;
mod runtime_confirmed_leak;
mod select_without_exit;
mod sleep_loop;
mod stuck_goroutines;
mod stuck_syscall;
mod truncated_dump;
mod waitgroup_never_done;
mod way_out;
mod websocket_pump_leak;

use super::Rule;

/// Every rule, the most specific first: what the runtime says, then patterns that only one mistake makes, then libraries,
/// then what goroutines merely wait in, then what only several dumps tell.
pub const RULES: &[Rule] = &[
    crash::RULE,
    deadlock::RULE,
    goleak_failure::RULE,
    truncated_dump::RULE,
    count_rising::RULE,
    runtime_confirmed_leak::RULE,
    nil_channel::RULE,
    empty_select::RULE,
    lock_cycle::RULE,
    recursive_read_lock::RULE,
    once_reentry::RULE,
    errgroup_limit_deadlock::RULE,
    connection_pool_exhausted::RULE,
    rows_not_closed::RULE,
    database_opened_per_call::RULE,
    http_client_no_timeout::RULE,
    http_body_not_closed::RULE,
    http_server_no_timeout::RULE,
    grpc_stream_abandoned::RULE,
    websocket_pump_leak::RULE,
    pipe_blocked::RULE,
    process_wait::RULE,
    waitgroup_never_done::RULE,
    cond_never_signalled::RULE,
    lock_pileup::RULE,
    context_never_cancelled::RULE,
    stuck_syscall::RULE,
    io_without_deadline::RULE,
    sleep_loop::RULE,
    blocked_senders::RULE,
    blocked_receivers::RULE,
    select_without_exit::RULE,
    deep_recursion::RULE,
    goroutine_per_request::RULE,
    growing_group::RULE,
    stuck_goroutines::RULE,
    outlier_instance::RULE,
];
