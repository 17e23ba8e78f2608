internal import FoundationEssentials

/// The manifest under which cosign keeps the signatures of an image, beside it in its registry.
public struct SignatureManifest: Sendable {
    /// One signature of many.
    public struct Entry: Hashable, Sendable {
        /// 64 hexadecimal digits: of what was signed.
        public let payload: String
        /// In base64.
        public let signature: String
    }

    /// A manifest of more is none: a registry could keep a host busy for ever.
    public static let most = 32
    /// In bytes, of each part.
    public static let largest = 256 << 10

    public let entries: [Entry]

    /// The tag that it has for an image with `digest`.
    public static func tag(of digest: String) -> String { digest.replacing(":", with: "-") + ".sig" }

    /// `nil` when `bytes` are no such manifest.
    public init?(_ bytes: [UInt8]) {
        guard let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(bytes.withoutCrowds)) else {
            return nil
        }
        guard manifest.layers.count <= Self.most else { return nil }
        entries = manifest.layers.compactMap { layer in
            guard layer.mediaType == Self.mediaType, layer.size <= Self.largest,
                let digest = layer.digest.wholeMatch(of: /sha256:(?<hex>[0-9a-f]{64})/)?.output.hex,
                let signature = layer.annotations?[Self.annotation]
            else { return nil }
            return Entry(payload: String(digest), signature: signature)
        }
    }

    private static let mediaType = "application/vnd.dev.cosign.simplesigning.v1+json"
    private static let annotation = "dev.cosignproject.cosign/signature"

    private struct Manifest: Decodable {
        struct Layer: Decodable {
            let mediaType: String
            let digest: String
            let size: Int
            let annotations: [String: String]?
        }

        let layers: [Layer]
    }
}

/// What a signature of an image says, once it is known that a key signed it.
public struct ImageStatement: Sendable {
    private let content: Content

    /// `nil` when `bytes` are no such statement.
    public init?(_ bytes: [UInt8]) {
        guard let content = try? JSONDecoder().decode(Content.self, from: Data(bytes.withoutCrowds)),
            Self.types.contains(content.critical.type)
        else { return nil }
        self.content = content
    }

    /// Why it does not speak for the image `name` with the manifest `digest`; `nil` when it does. A signature that was
    /// copied from another image, or another repository, says something else.
    public func objection(for name: String, digest: String) -> String? {
        let said = content.critical
        guard said.image.digest == digest else { return "was made for another image" }
        guard let reference = ImageReference(said.identity.reference) else { return "names no image" }
        return reference.name == name ? nil : "was made for '\(reference.name)'"
    }

    private static let types = ["cosign container image signature", "atomic container signature"]

    private struct Content: Decodable {
        struct Critical: Decodable {
            struct Identity: Decodable {
                let reference: String
                enum CodingKeys: String, CodingKey { case reference = "docker-reference" }
            }

            struct Image: Decodable {
                let digest: String
                enum CodingKeys: String, CodingKey { case digest = "docker-manifest-digest" }
            }

            let identity: Identity
            let image: Image
            let type: String
        }

        let critical: Critical
    }
}
