extension FixedWidthInteger {
    /// `nil` unless `text` is digits alone: a sign, which the standard library accepts, is no way to write an amount.
    init?(digits text: some StringProtocol, radix: Int = 10) {
        guard text.first?.isHexDigit ?? false else { return nil }
        self.init(text, radix: radix)
    }
}
