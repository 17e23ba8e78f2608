internal import Crypto
public import Files
internal import Glibc
public import Model

extension HostSystem {
    /// The secrets of `secrets.json.age` in `tree`, unlocked with the VSN's identity, and those of the VSN's own file.
    /// None when there is neither. A name that is in both is an error, as are plain secrets in the customer repo.
    public func secrets(in tree: any SourceTree) async throws -> Secrets {
        guard try tree.content(of: "secrets.json") == nil else {
            throw HostError(
                "'secrets.json' is committed in plain text",
                hint: "encrypt it ('age -r RECIPIENT -o secrets.json.age secrets.json'), commit that instead, and "
                    + "change every secret that was in it: it stays in the history")
        }
        let own = try await ownSecrets()
        guard let encrypted = try tree.content(of: SealedSecrets.fileName) else { return Secrets(own) }
        do throws(LargeFilePointer) {
            try LargeFilePointer.refuse(encrypted, of: SealedSecrets.fileName)
        } catch {
            throw HostError(error.message, hint: error.hint)
        }
        let committed = try await SealedSecrets(identity: configuration.ageIdentity).open(encrypted)
        return Secrets(try SecretObject.joined(own: own, committed: committed))
    }

    /// HMAC-SHA256 of `value`, as hexadecimal digits, with a random key that never leaves this host: equal values can
    /// be told from changed ones, guessed values cannot be checked without the key.
    public func digest(of value: String) async throws(HostError) -> String {
        let path = configuration.stateDirectory + "/digest.key"
        let key = try await BlockingWork.run("read '\(path)'") { () throws(HostError) in try Self.digestKey(at: path) }
        let code = HMAC<SHA256>.authenticationCode(for: Array(value.utf8), using: SymmetricKey(data: key))
        return code.flatMap { [$0 >> 4, $0 & 15] }.map { String($0, radix: 16) }.joined()
    }

    private func ownSecrets() async throws(HostError) -> [String: String] {
        guard let path = configuration.secretsFile else { return [:] }
        return try await BlockingWork.run("read '\(path)'") { () throws(HostError) in
            guard try FileStatus.at(path, followingLinks: true).kind != .missing else { return [:] }
            let bytes = try PrivateFile.read(path, holding: "secrets", limit: 4 << 20)
            return try SecretObject.values(in: bytes, from: "'\(path)'")
        }
    }

    private static func digestKey(at path: String) throws(HostError) -> [UInt8] {
        if try FileStatus.at(path).kind == .missing {
            try PathName.createDirectories(PathName.directory(of: path))
            var generator = SystemRandomNumberGenerator()
            let key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            // Another process may be first: its key is read below.
            _ = try AtomicFile.create(key, at: path)
        }
        let key = try PrivateFile.read(path, holding: "the digest key", limit: 4096)
        guard key.count == 32 else {
            throw HostError(
                "'\(path)' is damaged: it has \(key.count) bytes instead of 32",
                hint: "remove it; every secret then counts as changed once")
        }
        return key
    }
}
