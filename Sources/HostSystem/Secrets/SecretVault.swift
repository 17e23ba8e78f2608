public import Files
internal import Glibc
internal import Model
internal import Processes

/// The encrypted secrets in an operator's clone of a customer repo, and who can read them.
public struct SecretVault: Sendable {
    /// In the customer repo: a public key a line, of age or of SSH (`ssh-ed25519`, `ssh-rsa`); `#` begins a comment.
    public static let recipientsFile = "secrets.recipients"
    public static let secretsFile = SealedSecrets.fileName

    /// The clone.
    public let directory: String
    /// Path of an age identity or an SSH private key that opens what is there already.
    public let identity: String?

    public init(directory: String, identity: String?) {
        self.directory = directory
        self.identity = identity
    }

    private var path: String { "\(directory)/\(Self.secretsFile)" }

    /// Whether there are encrypted secrets.
    public var exists: Bool {
        get throws(HostError) { try FileStatus.at(path).kind != .missing }
    }

    /// The decrypted secrets; none where the customer repo has none yet.
    public func open() async throws(HostError) -> [String: String] {
        guard try exists else { return [:] }
        guard let identity else {
            throw HostError(
                "'\(Self.secretsFile)' is encrypted, and no key to open it was found",
                hint: "name your age identity or SSH private key with --identity, or in FAIRLEAD_IDENTITY")
        }
        let encrypted = try Descriptor(path, O_RDONLY).read(limit: 4 << 20)
        return try await SealedSecrets(identity: identity).open(encrypted)
    }

    /// Encrypts `secrets` to all recipients, and replaces the file.
    public func write(_ secrets: [String: String]) async throws(HostError) {
        try save(try await encrypted(secrets, to: try recipients()))
    }

    func save(_ encrypted: [UInt8]) throws(HostError) {
        try AtomicFile.write(encrypted, to: path, mode: FileMode(bits: 0o644))
    }

    func encrypted(_ secrets: [String: String], to recipients: [Recipient]) async throws(HostError) -> [UInt8] {
        guard !recipients.isEmpty else {
            throw HostError(
                "'\(Self.recipientsFile)' names nobody: whom shall '\(Self.secretsFile)' be encrypted to?",
                hint: "'fairlead secrets add-recipient KEY' with your own public key, and with that of each host")
        }
        guard let age = Command.find("age") else { throw HostError.notInstalled("age") }
        // The keys are public: they may be seen in the list of processes.
        let command = Command(
            age, ["--encrypt"] + recipients.flatMap { ["--recipient", $0.key] },
            input: try SecretObject.text(of: secrets), deadline: .seconds(30))
        do {
            return try await command.run().output
        } catch {
            throw HostError(
                "cannot encrypt '\(Self.secretsFile)': \(error.tail.isEmpty ? "age failed" : error.tail)",
                hint: "correct the public key that age names")
        }
    }
}
