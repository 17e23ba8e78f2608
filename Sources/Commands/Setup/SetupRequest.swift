internal import GitSource
internal import Model

/// What an operator asks of `fairlead setup`.
struct SetupRequest: Sendable {
    /// The customer repo that the host is to follow.
    struct Repository: Sendable {
        /// How it is reached.
        enum Way: Sendable {
            case ssh, https, directory
        }

        var url: String
        var way: Way
        var branch = "main"
        /// The name of this host in it.
        var host: String
        /// As it was written.
        var interval: String?
        /// Goes with the token.
        var username: String?
        /// The commit that the branch has to contain, where the arguments name one.
        var anchor: CommitID?
        var proxy: Proxy?
    }

    struct Proxy: Sendable {
        var url: String
        var exceptions: [String] = []
        var username: String?
    }

    /// Absent: the configuration that is there stays.
    var repository: Repository?
    /// `--host-key`.
    var hostKey: String?
    /// `--signers`: a file, or a line of one.
    var signers: String?
    /// Of the environment; a file goes before it.
    var token: String?
    var tokenFile: String?
    var certificatesFile: String?
    var proxyPasswordFile: String?
    /// How long others have to put in place what is missing.
    var patience: Duration = .seconds(900)
    /// Takes over state and data of another machine.
    var adopts = false
    /// Deploys nothing until `fairlead resume`.
    var holds = false
    /// Waits until the entry of the host has the key of this machine.
    var pins = true
    /// Replaces a configuration or a host key that differs.
    var replaces = false
    var isDryRun = false
}

extension SetupRequest.Repository.Way {
    /// `nil` of what is no repo that a host can be set up with.
    init?(of url: String) {
        if url.hasPrefix("/") {
            self = .directory
        } else if url.hasPrefix("https://"), RepositoryLocation.webServer(of: url) != nil {
            self = .https
        } else if HostKeyServer(of: url, confiner: nil) != nil {
            self = .ssh
        } else {
            return nil
        }
    }
}
