import Foundation
import Processes
import TestSupport

/// Tables of cron that only one test sees: `fairlead` runs with them in place of the machine's.
struct CronTables {
    private let vsn: VSN
    private var directory: String { "\(vsn.scratch.path)/cron" }
    private var file: String { "\(directory)/crontabs/root" }

    init(_ vsn: VSN, content: String) throws {
        self.vsn = vsn
        try vsn.scratch.write(content, to: "cron/crontabs/root")
        _ = try TestProgram("chgrp", ["crontab", "\(directory)/crontabs"]).run()
        _ = try TestProgram("chmod", ["1730", "\(directory)/crontabs"]).run()
    }

    func fairlead(_ arguments: String...) async throws -> CommandResult {
        // The engine's service must not be started in there: what it mounts would be seen by nobody else.
        _ = try await vsn.fairlead("status")
        let script = #"mount --bind "$0" /var/spool/cron && exec "$@""#
        return try await Command(
            "/usr/bin/unshare",
            ["--mount", "sh", "-c", script, directory, FairleadBinary.path] + arguments
                + ["--config", vsn.configuration],
            environment: Command.plainEnvironment, deadline: .seconds(120)
        ).runToEnd()
    }

    /// Without the lines that `crontab` puts at the top.
    func content() throws -> String {
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        return lines.drop { $0.hasPrefix("# DO NOT EDIT") || $0.hasPrefix("# (") }.joined(separator: "\n")
    }
}
