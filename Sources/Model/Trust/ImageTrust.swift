/// What images of one place have to prove: `trust.images` of the host's configuration, by the beginning of their names.
public struct ImageRequirement: Codable, Hashable, Sendable {
    /// Files with public keys (PEM): one of them has to have signed the image, as `cosign sign --key` does.
    public var sigstore: [String]

    public init(sigstore: [String]) { self.sigstore = sigstore }
}

/// Whose signature an image of a registry had when it was brought.
public struct ImageSignature: Codable, Hashable, Sendable {
    /// Of the file that the key is in, without its ending.
    public var signer: String
    /// `sha256:…` of the key's file.
    public var key: String
    /// `sha256:…` of what was demanded of the image: the place, and every key that counts there.
    public var policy: String

    public init(signer: String, key: String, policy: String) {
        self.signer = signer
        self.key = key
        self.policy = policy
    }

    /// For people, beside an image; `nil` is one that nothing was asked of.
    public static func words(_ signature: ImageSignature?) -> String {
        signature.map { "signed by \($0.signer)" } ?? "not checked"
    }
}

/// What is demanded of one image: its place, and the keys of it.
public struct ImageDemand: Hashable, Sendable {
    /// A public key.
    public struct Key: Hashable, Sendable {
        /// Where it is.
        public let path: String
        public let bytes: [UInt8]

        public init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }

        /// What people call its owner: the name of the file, without its ending.
        public var name: String {
            let file = path.split(separator: "/").last.map(String.init) ?? path
            return file.lastIndex(of: ".").map { String(file[..<$0]) }.flatMap { $0.isEmpty ? nil : $0 } ?? file
        }

        public var digest: String { "sha256:" + ContentDigest.hex(of: bytes) }
    }

    public let place: String
    public let keys: [Key]

    public init(place: String, keys: [Key]) {
        self.place = place
        self.keys = keys
    }

    /// The same for the same place and keys, in whatever order, wherever their files are.
    public var digest: String {
        var digest = ContentDigest()
        digest.add(place)
        for key in Set(keys.map(\.digest)).sorted() { digest.add(key) }
        return "sha256:" + digest.hex
    }

    public func signature(by key: Key) -> ImageSignature {
        ImageSignature(signer: key.name, key: key.digest, policy: digest)
    }

    /// Whether an image that had `signature` when it was brought would be taken today as well.
    public func accepts(_ signature: ImageSignature?) -> Bool {
        guard let signature else { return false }
        return keys.contains { $0.digest == signature.key }
    }
}

extension [String: ImageRequirement] {
    /// The place that `image` lies in, where there is one: the longest counts.
    public func place(of image: ImageReference) -> String? {
        keys.filter { VSNPolicy.covers($0, image.name) }.max { $0.count < $1.count }
    }
}
