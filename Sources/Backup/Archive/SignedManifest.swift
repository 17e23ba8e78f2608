internal import Files
internal import FoundationEssentials
internal import Model

/// A list of what lies beside it, with its hashes; what it says counts when its signature does.
protocol SignedManifest: Codable {
    /// Of this program; one with a higher format is refused.
    static var currentFormat: Int { get }
}

extension BackupManifest: SignedManifest {}
extension VanillaManifest: SignedManifest {}

extension SignedManifest {
    /// JSON with sorted members.
    func encoded() throws(HostError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        do { return Array(try encoder.encode(self)) } catch { throw HostError("cannot write the manifest: \(error)") }
    }

    /// Why `bytes` is not a manifest that this program reads is the error's message.
    static func decoded(_ bytes: [UInt8]) throws(HostError) -> Self {
        guard let head = try? JSONDecoder().decode(ManifestHead.self, from: Data(bytes.withoutCrowds)) else {
            throw HostError("its manifest is damaged")
        }
        guard head.format <= currentFormat else {
            throw HostError(
                "its manifest has format \(head.format), this fairlead reads \(currentFormat)",
                hint: "update fairlead")
        }
        do {
            return try JSONDecoder().decode(Self.self, from: Data(bytes.withoutCrowds))
        } catch {
            throw HostError("its manifest is damaged" + (place(of: error).map { ": see '\($0)'" } ?? ""))
        }
    }

    /// Where it is that `error` met, as far as that is a name that can be shown.
    private static func place(of error: any Error) -> String? {
        let context: DecodingError.Context
        switch error {
        case DecodingError.dataCorrupted(let found), DecodingError.keyNotFound(_, let found),
            DecodingError.typeMismatch(_, let found), DecodingError.valueNotFound(_, let found):
            context = found
        default: return nil
        }
        let keys = context.codingPath.map { key -> String in
            let isPlain = key.stringValue.wholeMatch(of: /[A-Za-z0-9_-]{1,40}/) != nil
            return key.intValue.map { "\($0)" } ?? (isPlain ? key.stringValue : "…")
        }
        return keys.isEmpty ? nil : keys.joined(separator: ".")
    }
}

private struct ManifestHead: Decodable { var format: Int }
