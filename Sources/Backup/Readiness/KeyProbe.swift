internal import Files
internal import HostSystem
internal import Processes

/// Tries the keys of this host as a backup and its recovery use them.
struct KeyProbe: Sendable {
    let identity: BackupIdentity

    /// Signs something and checks it, encrypts it for `recipients` and opens it again; the error says which key does not
    /// serve.
    func run(recipients: [String]) async throws(HostError) {
        let scratch = try TemporaryDirectory()
        let file = "\(scratch.path)/probe"
        let text = Array("probe \(UInt64.random(in: .min ... .max))\n".utf8)
        try AtomicFile.write(text, to: file)
        try await checkSigning(file, text)
        let everyone = try await identity.recipients(with: recipients)
        try AtomicFile.write(Array(everyone.map { $0 + "\n" }.joined().utf8), to: "\(file).recipients")
        try await age(
            ["--encrypt", "--recipients-file", "\(file).recipients", "--output", "\(file).age", file],
            "encrypt for 'backup.recipients' and this host", hint: "correct the keys in 'backup.recipients'")
        guard let own = identity.ageIdentity else { return }
        let opened = try await age(
            ["--decrypt", "--identity", own, "\(file).age"], "open what '\(own)' is meant to open",
            hint: "name an age identity, or an SSH private key without a passphrase, as 'ageIdentity'")
        guard opened == text else { throw HostError("'\(own)' opens something else than what was encrypted") }
    }

    private func checkSigning(_ file: String, _ text: [UInt8]) async throws(HostError) {
        // First, since its error names the file.
        _ = try await identity.publicKey()
        try await identity.sign(file)
        let signature = try Descriptor("\(file).sig", 0).read(limit: 1 << 16)
        guard try await identity.isSigned(text, signature: signature, by: [try await identity.publicKey()]) else {
            throw HostError(
                "what '\(identity.signingKey)' signs is not signed by its own public key",
                hint: "name another private key as 'signingKey'")
        }
    }

    @discardableResult
    private func age(_ arguments: [String], _ action: String, hint: String) async throws(HostError) -> [UInt8] {
        guard let program = Command.find("age", path: identity.commandPath) else { throw HostError.notInstalled("age") }
        do {
            return try await Command(program, arguments).run().output
        } catch {
            throw HostError("cannot \(action): \(error)", hint: hint)
        }
    }
}
