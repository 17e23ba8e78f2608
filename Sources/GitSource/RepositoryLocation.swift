public import Model

/// Where the customer repo is, and what it takes to read it.
public struct RepositoryLocation: Sendable, Hashable {
    /// A local path, `file://`, `https://`, `ssh://`, `git://` or `user@host:path`.
    public var url: String
    public var branch: String
    /// Tried in order when `url` fails.
    public var fallbackURLs: [String]
    /// The path of the private key for ssh; root's own keys when `nil`.
    public var sshKey: String?
    /// The path of the file with the host keys to trust; root's and the system's when `nil`.
    public var knownHosts: String?
    /// The path of a file with the token for https.
    public var tokenFile: String?
    /// Goes with the token.
    public var username: String
    /// The path of the certificates to trust in place of the system's.
    public var caFile: String?
    /// For https and http.
    public var proxy: WebProxy?
    /// An operation that does not get on for so long is ended. Of asking where the branch stands, the whole time.
    public var timeout: Duration
    /// Of one fetch from one URL as a whole, however well it gets on.
    public var maxDuration: Duration
    /// Of one fetch.
    public var packLimit: ByteCount

    public init(
        url: String, branch: String = "main", fallbackURLs: [String] = [], sshKey: String? = nil,
        knownHosts: String? = nil, tokenFile: String? = nil, username: String = "git", caFile: String? = nil,
        proxy: WebProxy? = nil,
        timeout: Duration = .seconds(60), maxDuration: Duration = .seconds(6 * 3600),
        packLimit: ByteCount = ByteCount(bytes: 512 << 20)
    ) {
        self.url = url
        self.branch = branch
        self.fallbackURLs = fallbackURLs
        self.sshKey = sshKey
        self.knownHosts = knownHosts
        self.tokenFile = tokenFile
        self.username = username
        self.caFile = caFile
        self.proxy = proxy
        self.timeout = timeout
        self.maxDuration = maxDuration
        self.packLimit = packLimit
    }

    /// The server that `url` names, where it is asked by http or https; `nil` of all else.
    public static func webServer(of url: String) -> (host: String, port: Int)? { (try? RepositoryURL(url))?.webServer }

    /// The host that `url` names; `nil` of a path, and of what is no URL.
    public static func hostName(of url: String) -> String? { (try? RepositoryURL(url))?.hostName }

    /// All URLs in the order in which they are tried.
    var urls: [String] { [url] + fallbackURLs }
}
