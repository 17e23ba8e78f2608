/// By what Fairlead can read back that a store has locked what it took.
public enum BackupLock: Hashable, Sendable {
    /// The retention of an object of S3.
    case objectLock
    /// The immutability policy of a blob of Azure.
    case immutabilityPolicy
}

extension BackupTarget {
    /// `nil` for a store whose locks cannot be read: a `lock` that nobody can check is no lock.
    public var lockKind: BackupLock? {
        switch type {
        case "s3": .objectLock
        case "azureblob": .immutabilityPolicy
        default: nil
        }
    }

    /// Of a remote of rclone; `nil` of a directory.
    private var type: String? {
        guard case .rclone(let options, _) = store else { return nil }
        return options["type"]?.source
    }

    private var options: Set<String> {
        guard case .rclone(let options, _) = store else { return [] }
        return Set(options.filter { !$0.value.source.isEmpty }.keys)
    }

    /// What is wrong with `lock`; `nil` when nothing is, or there is none.
    public var lockProblem: (message: String, hint: String)? {
        // What the host's owner has behind a name is known there.
        if case .remote = store { return nil }
        // A type that is a secret, or none, is told of elsewhere.
        guard lock != nil, type.map({ !$0.isEmpty && SecretText(source: $0).references.isEmpty }) ?? true else {
            return nil
        }
        switch lockKind {
        case .objectLock where !options.isSuperset(of: ["access_key_id", "secret_access_key"]):
            return Self.withoutKey("'access_key_id' and 'secret_access_key'")
        case .immutabilityPolicy
        where !options.contains("sas_url") && !options.isSuperset(of: ["account", "key"]):
            return Self.withoutKey("'sas_url', or 'account' and 'key',")
        case .objectLock, .immutabilityPolicy: return nil
        case nil:
            let place = type.map { "a store of type '\($0)'" } ?? "a directory"
            return (
                "nothing tells whether \(place) locks what it takes",
                "remove 'lock', or use a store of type 's3' or 'azureblob', whose locks are read back; how a file "
                    + "server keeps its files is in docs/backup.md"
            )
        }
    }

    private static func withoutKey(_ names: String) -> (message: String, hint: String) {
        ("the locks cannot be read back without a key", "add \(names) to the options as secrets, or remove 'lock'")
    }
}
