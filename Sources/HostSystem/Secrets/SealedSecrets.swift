internal import Files
internal import Model
internal import Processes

/// The encrypted secrets of a customer repo.
struct SealedSecrets {
    static let fileName = "secrets.json.age"

    /// Path of the VSN's age identity or SSH private key.
    let identity: String?

    /// Decrypts with the `age` tool: content goes in and comes out through pipes, never through a file.
    func open(_ encrypted: [UInt8]) async throws(HostError) -> [String: String] {
        guard let identity else {
            throw HostError(
                "the customer repo has '\(Self.fileName)', but this host has no identity to unlock it",
                hint: "make one ('age-keygen -o /etc/fairlead/age.key'), set 'ageIdentity', encrypt the secrets to it")
        }
        guard let age = Command.find("age") else { throw HostError.notInstalled("age") }
        try await BlockingWork.run("read '\(identity)'") { () throws(HostError) in
            try PrivateFile.check(identity, holding: "the age identity")
        }
        let command = Command(
            age, ["-d", "-i", identity], input: encrypted, deadline: .seconds(30), outputLimit: 4 << 20)
        do {
            return try SecretObject.values(in: try await command.run().output, from: "'\(Self.fileName)'")
        } catch let failure as CommandFailure {
            throw explain(failure, identity: identity)
        } catch let error as HostError {
            throw error
        } catch {
            throw HostError("cannot decrypt '\(Self.fileName)'")
        }
    }

    /// Never passes on what age said: it quotes the begin of a file that is not encrypted, which holds secrets.
    private func explain(_ failure: CommandFailure, identity: String) -> HostError {
        let subject = "cannot decrypt '\(Self.fileName)'"
        guard case .exited = failure.reason else {
            return HostError("\(subject): age was ended or did not finish", disposition: .transient)
        }
        if failure.tail.contains("no identity matched") {
            return HostError(
                "\(subject): it is not encrypted to this host's identity '\(identity)'",
                hint:
                    "encrypt it to the recipient that 'age-keygen -y \(identity)' prints (of an SSH key: its .pub file)"
            )
        }
        if failure.tail.contains("failed to read header") {
            return HostError(
                "\(subject): it is not an age file",
                hint: "encrypt it; if it was committed in plain text, change every secret")
        }
        if failure.tail.contains("passphrase") {
            return HostError(
                "\(subject): the identity '\(identity)' is protected by a passphrase", hint: "use one without")
        }
        if failure.tail.contains("reading \"\(identity)\"") {
            return HostError(
                "\(subject): '\(identity)' is not an age identity", hint: "make one with 'age-keygen -o \(identity)'")
        }
        return HostError(
            "\(subject): it is damaged, or was cut short",
            hint: "try 'age -d -i \(identity) \(Self.fileName)' in a clone of the customer repo, encrypt it anew")
    }
}
