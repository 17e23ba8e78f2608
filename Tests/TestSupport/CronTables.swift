internal import Foundation

/// Tables of cron for one test below `root`, changed by Debian's own `crontab`, which a wrapper in `root/bin` runs in a
/// mount namespace. The host's tables are out of its reach.
public struct CronTables: Sendable {
    public let root: String

    public init(root: String) throws {
        self.root = root
        for directory in ["spool/crontabs", "bin"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(directory)", withIntermediateDirectories: true)
        }
        _ = try TestProgram("chgrp", ["crontab", "\(root)/spool/crontabs"]).run()
        _ = try TestProgram("chmod", ["1730", "\(root)/spool/crontabs"]).run()
        try Scratch.install(Self.wrapper(root), to: "\(root)/bin/crontab")
    }

    /// What root's jobs are.
    public var file: String { "\(root)/spool/crontabs/root" }
    /// For whoever shall find this `crontab`.
    public var path: String { "\(root)/bin:\(TestProgram.path)" }

    /// As an operator would with `crontab`.
    public func install(_ text: String) throws {
        try TestProgram("sh", ["\(root)/bin/crontab", "-"], input: text).run()
    }

    /// Without the lines that `crontab` puts at the top.
    public func content() throws -> String {
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        return lines.drop { $0.hasPrefix("# DO NOT EDIT") || $0.hasPrefix("# (") }.joined(separator: "\n")
    }

    private static func wrapper(_ root: String) -> String {
        """
        #!/bin/sh
        # crontab: Debian's, on the tables of one test.
        exec unshare --mount sh -c 'mount --bind "\(root)/spool" /var/spool/cron && exec /usr/bin/crontab "$@"' - "$@"

        """
    }
}
