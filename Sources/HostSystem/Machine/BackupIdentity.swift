package import Files
internal import Glibc
internal import Processes

/// With which keys this host signs, encrypts and opens backups.
package struct BackupIdentity: Sendable {
    package static let namespace = "fairlead-backup"

    /// An SSH private key.
    package let signingKey: String
    /// An age identity or an SSH private key.
    package let ageIdentity: String?
    /// A further one, for the time of a recovery.
    package let recoveryIdentity: String?
    package let commandPath: String

    package init(_ configuration: HostConfiguration) {
        signingKey = configuration.signingKey
        ageIdentity = configuration.ageIdentity
        recoveryIdentity = configuration.recoveryIdentity
        commandPath = configuration.commandPath
    }

    /// The line of the public key that belongs to `signingKey`, without its comment.
    package func publicKey() async throws(HostError) -> String {
        let result = try await run("ssh-keygen", ["-y", "-f", signingKey], "read the signing key '\(signingKey)'")
        return result.text.split(separator: " ").prefix(2).joined(separator: " ")
            .split(whereSeparator: \.isNewline).joined()
    }

    /// Makes `file.sig`.
    package func sign(_ file: String) async throws(HostError) {
        try await SSHSignature.make(
            for: file, key: signingKey, namespace: Self.namespace, commandPath: commandPath)
    }

    /// Whether `signature` over `bytes` was made with one of `keys`.
    package func isSigned(_ bytes: [UInt8], signature: [UInt8], by keys: [String]) async throws(HostError) -> Bool {
        try await SSHSignature.isValid(
            signature, of: bytes, by: keys, namespace: Self.namespace, commandPath: commandPath)
    }

    /// Who can open what this host encrypts: `recipients` and the host itself.
    package func recipients(with recipients: [String]) async throws(HostError) -> [String] {
        recipients + [try await ownRecipient()]
    }

    /// The identities that are there, to open backups with.
    package func identities() throws(HostError) -> [String] {
        let found = [ageIdentity, recoveryIdentity].compactMap(\.self).filter { access($0, F_OK) == 0 }
        for path in found { try PrivateFile.check(path, holding: "an age identity") }
        guard !found.isEmpty else { throw Self.noIdentity }
        return found
    }

    private func ownRecipient() async throws(HostError) -> String {
        guard let ageIdentity else { throw Self.noIdentity }
        let content = try PrivateFile.read(ageIdentity, holding: "the age identity", limit: 1 << 16)
        let isSSH = String(decoding: content, as: UTF8.self).contains("PRIVATE KEY-----")
        let action = "read the age identity '\(ageIdentity)'"
        let result =
            isSSH
            ? try await run("ssh-keygen", ["-y", "-f", ageIdentity], action)
            : try await run("age-keygen", ["-y", ageIdentity], action)
        return String(result.text.prefix { !$0.isNewline })
    }

    private static let noIdentity = HostError(
        "this host has no identity to open backups with",
        hint: "make one ('age-keygen -o /etc/fairlead/age.key', mode 0600) and set 'ageIdentity'")

    private func found(_ name: String) throws(HostError) -> String {
        guard let path = Command.find(name, path: commandPath) else { throw HostError.notInstalled(name) }
        return path
    }

    private func run(_ name: String, _ arguments: [String], _ action: String) async throws(HostError) -> CommandResult {
        do {
            return try await Command(try found(name), arguments).run()
        } catch let error as HostError {
            throw error
        } catch {
            throw HostError("cannot \(action): \(error)", hint: "check the file; 'fairlead doctor' tells more")
        }
    }
}
