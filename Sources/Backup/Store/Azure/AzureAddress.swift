internal import Files
internal import FoundationEssentials

/// Where the container of a remote of type `azureblob` lies, and what opens it.
struct AzureAddress: Sendable {
    enum Access: Sendable {
        case key(AzureKey)
        /// The query of a URL with a shared access signature.
        case signature(String)
    }

    /// Scheme and host, without a slash at the end.
    let server: String
    /// Of the container, escaped; begins with a slash.
    let containerPath: String
    /// Of blobs, below the container.
    let prefix: String
    let access: Access

    init(_ remote: RcloneRemote, path: String, of target: String) throws(HostError) {
        let parts = path.split(separator: "/", maxSplits: 1).map(String.init)
        prefix = parts.count > 1 ? parts[1] : ""
        let container = "/" + URLPath.escaped(parts.first ?? "")
        if let url = remote["sas_url"], let address = SharedAccessURL(url) {
            server = address.server
            // One that is for a container has it in its path; one for the account does not.
            containerPath = address.path.hasSuffix(container) ? address.path : address.path + container
            access = .signature(address.query)
        } else if let account = remote["account"], let text = remote["key"], let key = AzureKey(account, text) {
            let endpoint = Self.endpoint(remote["endpoint"], of: account)
            (server, containerPath) = (endpoint.server, endpoint.path + container)
            access = .key(key)
        } else {
            throw HostError(
                "cannot read the locks on backup target '\(target)' without a key",
                hint: "write 'sas_url', or 'account' and 'key', of the target as secrets")
        }
    }

    /// rclone takes the domain of another cloud, or a whole URL.
    private static func endpoint(_ option: String?, of account: String) -> (server: String, path: String) {
        let text = option.flatMap { $0.isEmpty ? nil : $0 } ?? "blob.core.windows.net"
        guard let scheme = text.firstRange(of: "://") else {
            return ("https://" + (text.hasPrefix("\(account).") ? text : "\(account).\(text)"), "")
        }
        let rest = text[scheme.upperBound...]
        let end = rest.firstIndex(of: "/") ?? rest.endIndex
        let path = rest[end...]
        return (String(text[..<end]), String(path.last == "/" ? path.dropLast() : path))
    }
}

/// `https://ACCOUNT.blob.core.windows.net/CONTAINER?sv=…&sig=…`, in its pieces.
private struct SharedAccessURL {
    let server: String
    /// Without a slash at its end.
    let path: String
    let query: String

    init?(_ text: String) {
        guard let match = text.wholeMatch(of: /(https?:\/\/[^\/?]+)([^?]*)\?(.+)/) else { return nil }
        server = String(match.1)
        path = match.2.last == "/" ? String(match.2.dropLast()) : String(match.2)
        query = String(match.3)
    }
}
