internal import Files
internal import Model

/// Why a data directory, or the stack, cannot be filled.
extension HostError {
    /// Runs hold it, and none can be used.
    static func unusable(_ lost: String, _ reasons: [String], hint: String, isWholeSearch: Bool) -> Self {
        // Another storage may have what is needed.
        Self(
            "no backup of \(lost) can be used: " + reasons.joined(separator: "; "), hint: hint,
            disposition: isWholeSearch ? .permanent : .transient)
    }

    static func unanswered(_ target: String, about lost: String, _ error: Self) -> Self {
        Self(
            "backup target '\(target)' cannot be asked for \(lost): \(error.message)",
            hint: error.hint.isEmpty ? "check the storage and the network; it is tried again" : error.hint,
            disposition: .transient)
    }
}
