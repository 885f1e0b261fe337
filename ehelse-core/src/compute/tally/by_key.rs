//! States whose ids are 64 or 128 bits wide, and how they widen. Decides no rule.

/// A state by 64-bit or 128-bit keys.
#[derive(Debug, Clone)]
pub(crate) enum ByKey<N, W> {
    Narrow(N),
    Wide(W),
}

/// Runs the same expression whatever the width of the keys.
macro_rules! each_key {
    ($state:expr, $inner:ident => $body:expr) => {
        match $state {
            ByKey::Narrow($inner) => $body,
            ByKey::Wide($inner) => $body,
        }
    };
}
pub(super) use each_key;

/// Runs the same statement with rows of the width that the state has, after widening it where it must be.
macro_rules! with_keys {
    ($kind:expr, $state:expr, $keys:expr, $widen:expr, |$inner:ident, $slice:ident| $body:expr) => {{
        let (keys, kind) = $keys;
        let both = $kind.with(kind)?;
        if let (true, ByKey::Narrow(narrow)) = (both.is_wide(), &*$state) {
            let widen: &dyn Fn(&_, IdKind) -> _ = &$widen;
            *$state = ByKey::Wide(widen(narrow, *$kind));
        }
        *$kind = both;
        match (&mut *$state, keys) {
            (ByKey::Narrow($inner), Keys::Narrow($slice)) => $body,
            (ByKey::Wide($inner), Keys::Wide($slice)) => $body,
            (ByKey::Wide($inner), Keys::Narrow(keys)) => {
                let $slice = &keys.iter().map(|key| kind.widen(*key)).collect::<Vec<u128>>();
                $body
            }
            // Rows without a single id: there is nothing to take.
            (ByKey::Narrow(_), Keys::Wide(_)) => {}
        }
    }};
}
pub(super) use with_keys;

/// Takes the state of `$other` into `$state` in the width that both need.
macro_rules! merge_keys {
    ($kind:expr, $state:expr, $their_kind:expr, $theirs:expr, $widen:expr, |$inner:ident, $other:ident| $body:expr) => {{
        let both = $kind.with(*$their_kind)?;
        let widen: &dyn Fn(&_, IdKind) -> _ = &$widen;
        match (&mut *$state, $theirs) {
            (ByKey::Narrow(ours), theirs) if both.is_wide() => {
                let mut wide = widen(ours, *$kind);
                let $inner = &mut wide;
                match theirs {
                    ByKey::Narrow(theirs) => {
                        let $other = &widen(theirs, *$their_kind);
                        $body
                    }
                    ByKey::Wide($other) => $body,
                }
                *$state = ByKey::Wide(wide);
            }
            (ByKey::Narrow($inner), ByKey::Narrow($other)) => $body,
            (ByKey::Wide($inner), ByKey::Wide($other)) => $body,
            (ByKey::Wide($inner), ByKey::Narrow(theirs)) => {
                let $other = &widen(theirs, *$their_kind);
                $body
            }
            (ByKey::Narrow(_), ByKey::Wide(_)) => {}
        }
        *$kind = both;
    }};
}
pub(super) use merge_keys;
