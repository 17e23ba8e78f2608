internal import FoundationEssentials
internal import Model
internal import Processes

/// Asks the registry for an image's signatures, and openssl what they are worth. Nothing of the image itself is fetched.
///
/// Not the engine: Debian's builds of it refuse to verify such signatures.
struct SignatureCheck: Sendable {
    struct Proof: Sendable {
        /// Of the manifest, or of the index of several, that was signed.
        let digest: String
        let signature: ImageSignature
    }

    let image: ImageReference
    let demand: ImageDemand
    let configuration: EngineConfiguration

    private var action: String { "pull '\(image)'" }

    func proof(_ credentials: RegistryCredentials?) async throws(EngineError) -> Proof {
        let files = try SignatureFiles(below: configuration.downloads, action)
        defer { files.remove() }
        do {
            let registry = try RegistryReader(configuration, files, login: credentials, at: image.registry)
            return try await proof(registry, files)
        } catch {
            throw EngineError(error, action).without(credentials)
        }
    }

    private func proof(_ registry: RegistryReader, _ files: SignatureFiles) async throws -> Proof {
        let digest = try await digest(registry)
        guard let manifest = try await registry.signatures(of: image.name, digest) else {
            throw refusal("it is not signed", "sign it ('cosign sign --key KEY \(image.name)@\(digest)')")
        }
        var objections: [String] = []
        for entry in manifest.entries {
            switch try await judge(entry, files, digest) {
            case .success(let key): return Proof(digest: digest, signature: demand.signature(by: key))
            case .failure(let objection): objections.append(objection.words)
            }
        }
        throw refusal(
            objections.first { $0 != Self.foreign } ?? Self.foreign, "sign it with a key that counts here")
    }

    private func digest(_ registry: RegistryReader) async throws -> String {
        if let digest = image.digest { return digest }
        return try await registry.digest(of: image)
    }

    /// The key that signed `entry`, if it speaks for the image.
    private func judge(
        _ entry: SignatureManifest.Entry, _ files: SignatureFiles, _ digest: String
    ) async throws -> Result<ImageDemand.Key, Objection> {
        guard let payload = files.payload(entry.payload), let signature = Data(base64Encoded: entry.signature) else {
            return .failure(Objection(words: "its signature cannot be understood"))
        }
        for key in demand.keys {
            guard try await isSigned(payload, signature, key, files) else { continue }
            guard let statement = ImageStatement(payload) else {
                return .failure(Objection(words: "its signature by '\(key.name)' is of no image"))
            }
            guard let objection = statement.objection(for: image.name, digest: digest) else { return .success(key) }
            return .failure(Objection(words: "its signature by '\(key.name)' \(objection)"))
        }
        return .failure(Objection(words: Self.foreign))
    }

    private static let foreign = "its signature is of no key that counts"

    private func isSigned(
        _ payload: [UInt8], _ signature: Data, _ key: ImageDemand.Key, _ files: SignatureFiles
    ) async throws -> Bool {
        guard let openssl = Command.find("openssl") else { throw Self.missing("openssl", action) }
        let keyFile = try files.write(key.bytes, "key")
        let signatureFile = try files.write(Array(signature), "value")
        let command = Command(
            openssl, ["dgst", "-sha256", "-verify", keyFile, "-signature", signatureFile], input: payload,
            deadline: .seconds(30))
        return try await command.runToEnd().status == 0
    }

    private func refusal(_ why: String, _ wayOut: String) -> EngineError {
        let keys = demand.keys.map { "'\($0.path)'" }.joined(separator: ", ")
        return EngineError(
            .refused(status: nil),
            "cannot \(action): \(why), and 'trust.images' of this VSN demands a signature by \(keys) for "
                + "'\(demand.place)'",
            hint: "\(wayOut), then 'fairlead reconcile --force'; or change 'trust.images' in the VSN's configuration")
    }

    static func missing(_ program: String, _ action: String) -> EngineError {
        EngineError(
            .refused(status: nil), "cannot \(action): '\(program)' is not installed, which verifies signatures",
            hint: "apt-get install \(program), then 'fairlead reconcile --force'")
    }
}

private struct Objection: Error {
    let words: String
}

/// The files of one check; readable by root only.
struct SignatureFiles: Sendable {
    let directory: String
    private let action: String

    init(below parent: String, _ action: String) throws(EngineError) {
        directory = "\(parent)/signature-\(UUID().uuidString)"
        self.action = action
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw EngineError(
                .refused(status: nil), "cannot \(action): cannot create the directory '\(directory)'",
                hint: "see that there is space on its disk", disposition: .transient)
        }
    }

    /// Where skopeo puts the signatures.
    var signatures: String { "\(directory)/signatures" }

    /// What was signed; `nil` where the registry did not give it, or gave something of another digest.
    func payload(_ hex: String) -> [UInt8]? {
        guard let data = FileManager.default.contents(atPath: "\(signatures)/\(hex)") else { return nil }
        let bytes = Array(data)
        return ContentDigest.hex(of: bytes) == hex ? bytes : nil
    }

    func write(_ bytes: [UInt8], _ name: String) throws(EngineError) -> String {
        let path = "\(directory)/\(name)"
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
        else {
            throw EngineError(
                .refused(status: nil), "cannot \(action): cannot write '\(path)'",
                hint: "see that there is space on its disk", disposition: .transient)
        }
        return path
    }

    func remove() { try? FileManager.default.removeItem(atPath: directory) }
}
