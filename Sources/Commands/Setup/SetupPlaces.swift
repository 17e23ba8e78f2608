/// Where `fairlead setup` puts what it makes, and finds what the system made.
struct SetupPlaces: Sendable {
    var directory = "/etc/fairlead"
    /// The public half of the key that says which machine this is.
    var machineKey = "/etc/ssh/ssh_host_ed25519_key.pub"
    var lock = "/run/fairlead-setup.lock"

    var configuration: String { "\(directory)/config.json" }
    /// The configuration while it is tried.
    var trial: String { "\(directory)/config.json.trial" }
    var sshKey: String { "\(directory)/ssh_key" }
    var ageIdentity: String { "\(directory)/age.txt" }
    var knownHosts: String { "\(directory)/known_hosts" }
    var allowedSigners: String { "\(directory)/allowed_signers" }
    var token: String { "\(directory)/token" }
    var proxyPassword: String { "\(directory)/proxy-password" }
    var certificates: String { "\(directory)/ca.pem" }
}
