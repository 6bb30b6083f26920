//! Times as logs write them at the start of a line.

const MONTHS: &[&[u8]] = &[b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// Length of the time that `text` starts with:
///
/// ```text
/// 2026-11-21T01:38:30.123456789Z      2026-11-21 01:38:30,123      2026/11/21 01:38:30.123456      [2026-11-21T01:38:30+01:00]
/// ```
pub(super) fn time_len(text: &[u8]) -> Option<usize> {
    if text.first() == Some(&b'[') {
        let len = time_len(text.get(1..)?)?;
        return (text.get(1 + len) == Some(&b']')).then_some(len + 2);
    }
    let separator = *text.get(4)?;
    let is_date = matches!(separator, b'-' | b'/')
        && has_shape(text, b"0000")
        && text.get(7) == Some(&separator)
        && [5, 6, 8, 9].iter().all(|&at| text.get(at).is_some_and(u8::is_ascii_digit))
        && matches!(text.get(10), Some(b'T' | b' '))
        && has_shape(text.get(11..)?, b"00:00:00");
    if !is_date {
        return None;
    }
    let len = with_fraction(text, 19);
    let zone = text.get(len..).unwrap_or_default();
    Some(
        len + match zone {
            [b'Z', ..] => 1,
            [b'+' | b'-', zone @ ..] if has_shape(zone, b"00:00") => 6,
            [b'+' | b'-', zone @ ..] if has_shape(zone, b"0000") => 5,
            _ => 0,
        },
    )
}

/// Length of the time that syslog and journald write: `Nov 21 01:38:30`, `Nov  1 01:38:30.123456`.
pub(super) fn syslog_time_len(text: &[u8]) -> Option<usize> {
    let month = text.get(..3)?;
    let is_time =
        MONTHS.contains(&month) && (has_shape(text.get(3..)?, b" 00 00:00:00") || has_shape(text.get(3..)?, b"  0 00:00:00"));
    is_time.then(|| with_fraction(text, 15))
}

fn with_fraction(text: &[u8], len: usize) -> usize {
    match text.get(len..) {
        Some([b'.' | b',', digits @ ..]) => {
            let n_digits = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if n_digits > 0 { len + 1 + n_digits } else { len }
        }
        _ => len,
    }
}

/// Whether `text` starts like `shape`, in which 0 stands for any digit.
fn has_shape(text: &[u8], shape: &[u8]) -> bool {
    text.len() >= shape.len()
        && text.iter().zip(shape).all(|(byte, shape)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == shape })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_times() {
        for time in [
            "2026-11-21T01:38:30.123456789Z",
            "2026-11-21T01:38:30Z",
            "2026-11-21T01:38:30.123456+00:00",
            "2026-11-21T01:38:30-0800",
            "2026-11-21 01:38:30,123",
            "2026/11/21 01:38:30",
            "2026/11/21 01:38:30.123456",
            "[2026-11-21T01:38:30Z]",
        ] {
            assert_eq!(time_len([time, " main.f()"].concat().as_bytes()), Some(time.len()), "{time}");
        }
        for time in ["Nov 21 01:38:30", "Nov  1 01:38:30", "Nov 21 01:38:30.123456"] {
            assert_eq!(syslog_time_len([time, " host"].concat().as_bytes()), Some(time.len()), "{time}");
        }
    }

    #[test]
    fn err_what_is_no_time() {
        for text in
            ["", "2026", "2026-11-21", "2026-11/21 01:38:30", "goroutine 1 [running]:", "[2026-11-21T01:38:30Z", "Nov 21"]
        {
            assert_eq!((time_len(text.as_bytes()), syslog_time_len(text.as_bytes())), (None, None), "{text}");
        }
    }
}
