public import Model

extension CommitID {
    /// 40 times the same hexadecimal digit.
    public init(repeating digit: Character) {
        guard let id = CommitID(String(repeating: digit, count: 40)) else {
            preconditionFailure("'\(digit)' is no hexadecimal digit")
        }
        self = id
    }
}
