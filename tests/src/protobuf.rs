//! Profiles written by hand: the wire format of protocol buffers, and the messages of `profile.proto` by field number.
//!
//! Nothing in it knows the reader. Facts: protobuf.dev, "Encoding"; github.com/google/pprof `proto/profile.proto`.

/// A message being written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message(pub(crate) Vec<u8>);

impl Message {
    fn varint(mut self, mut value: u64) -> Self {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
        self
    }

    /// A number.
    pub(crate) fn number(self, field: u64, value: u64) -> Self {
        self.varint(field << 3).varint(value)
    }

    /// Bytes, a text, or a message.
    pub(crate) fn bytes(self, field: u64, bytes: &[u8]) -> Self {
        let mut message = self.varint(field << 3 | 2).varint(bytes.len() as u64);
        message.0.extend_from_slice(bytes);
        message
    }

    /// Numbers in one field.
    pub(crate) fn packed(self, field: u64, values: &[u64]) -> Self {
        let packed = values.iter().fold(Self::default(), |packed, &value| packed.varint(value));
        self.bytes(field, &packed.0)
    }
}

/// A call of a location: name, file, line.
pub(crate) type Call<'a> = (&'a str, &'a str, u64);

/// Count, locations leaf first (each innermost inlined call first), labels.
pub(crate) type Sample<'a> = (i64, Vec<Vec<Call<'a>>>, Vec<(&'a [u8], &'a [u8])>);

/// A profile as its parts; `write` puts them in the order of Go's writer, `runtime/pprof/proto.go`.
#[derive(Clone, Debug)]
pub(crate) struct Profile<'a> {
    /// Type and unit of the value: `goroutine`, `count`.
    pub(crate) sample_type: (&'a str, &'a str),
    pub(crate) time_nanos: u64,
    pub(crate) duration_nanos: u64,
    /// In the order of the profile.
    pub(crate) samples: Vec<Sample<'a>>,
    /// Go writes the texts last; others right behind the type.
    pub(crate) strings_first: bool,
}

impl Default for Profile<'_> {
    fn default() -> Self {
        let sample_type = ("goroutine", "count");
        Self { sample_type, time_nanos: 0, duration_nanos: 0, samples: Vec::new(), strings_first: false }
    }
}

impl Profile<'_> {
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut strings: Vec<Vec<u8>> = vec![Vec::new()];
        let mut id = |text: &[u8]| -> u64 {
            let known = strings.iter().position(|known| known == text);
            known.unwrap_or_else(|| {
                strings.push(text.to_vec());
                strings.len() - 1
            }) as u64
        };
        let (kind, unit) = self.sample_type;
        let value_type = Message::default().number(1, id(kind.as_bytes())).number(2, id(unit.as_bytes()));
        let start = match self.strings_first {
            true => Message::default().bytes(1, &value_type.0),
            false => Message::default().bytes(11, &value_type.0).number(12, 1).bytes(1, &value_type.0),
        };
        let mut body = Message::default();
        let mut next = 1;
        for (count, locations, labels) in &self.samples {
            let mut ids = Vec::new();
            for calls in locations {
                let mut location = Message::default().number(1, next).number(3, 0x40_0000 + next);
                ids.push(next);
                next += 1;
                for (name, file, line) in calls {
                    let function =
                        Message::default().number(1, next).number(2, id(name.as_bytes())).number(4, id(file.as_bytes()));
                    body = body.bytes(5, &function.0);
                    location = location.bytes(4, &Message::default().number(1, next).number(2, *line).0);
                    next += 1;
                }
                body = body.bytes(4, &location.0);
            }
            let mut sample = Message::default().packed(1, &ids).packed(2, &[*count as u64]);
            for (key, value) in labels {
                sample = sample.bytes(3, &Message::default().number(1, id(key)).number(2, id(value)).0);
            }
            body = body.bytes(2, &sample.0);
        }
        body = body.number(9, self.time_nanos);
        if self.duration_nanos > 0 {
            body = body.number(10, self.duration_nanos);
        }
        let strings = strings.iter().fold(Message::default(), |message, text| message.bytes(6, text));
        if self.strings_first { [start.0, strings.0, body.0].concat() } else { [start.0, body.0, strings.0].concat() }
    }
}
