internal import Foundation
internal import Processes

/// A key pair of one test that signs images as `cosign sign --key` does: ECDSA on P-256, over a statement about the image.
public struct ImageSigningKey: Sendable {
    private let directory: Scratch
    private let name: String

    public var publicKey: String { "\(directory.path)/\(name).pub" }
    private var privateKey: String { "\(directory.path)/\(name).pem" }

    /// Why images cannot be verified here.
    public static let unavailable: String? =
        RegistryFixture.unavailable
        ?? (ProcessInfo.processInfo.environment["CI"] != "true" && Command.find("skopeo") == nil
            ? "skopeo is not installed" : nil)

    public static func make(_ name: String) async throws -> ImageSigningKey {
        let key = ImageSigningKey(directory: try Scratch(), name: name)
        _ = try await Command(
            "/usr/bin/openssl", ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key.privateKey]
        ).run()
        _ = try await Command(
            "/usr/bin/openssl", ["ec", "-in", key.privateKey, "-pubout", "-out", key.publicKey]
        ).run()
        return key
    }

    private init(directory: Scratch, name: String) {
        self.directory = directory
        self.name = name
    }

    /// In base64.
    func signature(of payload: Data) async throws -> String {
        let command = Command("/usr/bin/openssl", ["dgst", "-sha256", "-sign", privateKey], input: Array(payload))
        return Data(try await command.run().output).base64EncodedString()
    }
}

extension RegistryFixture {
    /// What a signature says, where it does not say the truth.
    public struct Claim: Sendable {
        public var repository: String?
        public var digest: String?
        /// Added after it was signed.
        public var addition = ""

        public init(repository: String? = nil, digest: String? = nil, addition: String = "") {
            self.repository = repository
            self.digest = digest
            self.addition = addition
        }
    }

    /// Puts the signatures of `keys` beside the image with `digest` of `repository`; what was there goes.
    public func sign(
        _ digest: String, repository: String, by keys: ImageSigningKey..., claiming claim: Claim = Claim()
    ) async throws {
        let statement = Self.statement(
            "\(address)/\(claim.repository ?? repository)", digest: claim.digest ?? digest)
        let payload = try await keep(Data((statement + claim.addition).utf8), repository: repository)
        let config = try await keep(Data("{}".utf8), repository: repository)
        var layers: [[String: Any]] = []
        for key in keys {
            layers.append([
                "mediaType": "application/vnd.dev.cosign.simplesigning.v1+json", "digest": payload.digest,
                "size": payload.size,
                "annotations": [
                    "dev.cosignproject.cosign/signature": try await key.signature(of: Data(statement.utf8))
                ],
            ])
        }
        let type = "application/vnd.oci.image.manifest.v1+json"
        let manifest: [String: Any] = [
            "schemaVersion": 2, "mediaType": type,
            "config": [
                "mediaType": "application/vnd.oci.image.config.v1+json", "digest": config.digest, "size": config.size,
            ] as [String: Any],
            "layers": layers,
        ]
        let file = "\(directory.path)/\(UUID().uuidString)"
        try JSONSerialization.data(withJSONObject: manifest).write(to: URL(filePath: file))
        let tag = digest.replacingOccurrences(of: ":", with: "-") + ".sig"
        _ = try await request([
            "--request", "PUT", "--header", "Content-Type: \(type)", "--data-binary", "@\(file)",
            "http://\(address)/v2/\(repository)/manifests/\(tag)",
        ])
    }

    private static func statement(_ name: String, digest: String) -> String {
        #"{"critical":{"identity":{"docker-reference":"\#(name)"},"image":{"docker-manifest-digest":"\#(digest)"},"#
            + #""type":"cosign container image signature"},"optional":null}"#
    }

    private func keep(_ bytes: Data, repository: String) async throws -> (digest: String, size: Int) {
        let file = "\(directory.path)/\(UUID().uuidString)"
        try bytes.write(to: URL(filePath: file))
        let digest = PodmanTestLayers.digest(bytes)
        try await upload(file, digest: digest, repository: repository)
        return (digest, bytes.count)
    }
}
