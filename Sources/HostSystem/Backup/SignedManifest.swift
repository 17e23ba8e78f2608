internal import FoundationEssentials
internal import Planning

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
        guard let head = try? JSONDecoder().decode(ManifestHead.self, from: Data(bytes)) else {
            throw HostError("its manifest is damaged")
        }
        guard head.format <= currentFormat else {
            throw HostError(
                "its manifest has format \(head.format), this fairlead reads \(currentFormat)",
                hint: "update fairlead")
        }
        guard let manifest = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else {
            throw HostError("its manifest is damaged")
        }
        return manifest
    }
}

private struct ManifestHead: Decodable { var format: Int }
