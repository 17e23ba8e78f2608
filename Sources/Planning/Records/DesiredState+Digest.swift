internal import Crypto
internal import FoundationEssentials

extension DesiredState {
    /// `sha256:` and 64 hexadecimal digits over the JSON form with sorted keys: equal states have equal digests.
    public var digest: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Encoding fails for numbers that are not finite only, which no JSON plan can hold.
        let json = (try? encoder.encode(self)) ?? Data()
        let digits = SHA256.hash(data: json).flatMap { [$0 >> 4, $0 & 15] }.map { String($0, radix: 16) }
        return "sha256:" + digits.joined()
    }
}
