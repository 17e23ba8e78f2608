import Files
import Foundation
import HostSupport
import Model
import TestSupport
import Testing

@testable import Backup
@testable import HostSystem

/// With a stand-in of `systemctl` that mounts memory where the unit says: no kernel of a build machine has a client of
/// NFS or SMB.
@Suite(
    "J5: a backup target's share is mounted when it is used, and taken back when it leaves the plan",
    .enabled(if: mustRun || HostNamespace.isAvailable))
struct TargetMountTests {
    private static let systemctl = #"""
        #!/bin/bash
        # systemctl [--no-ask-password] COMMAND [UNIT]
        set -e
        shift
        echo "$*" >>/run/calls
        file=/etc/systemd/system/${2:-}
        where=$(sed -n 's/^Where=//p' "$file" 2>/dev/null || true)
        case $1 in
            start) [ ! -e /run/refuse ] || { echo 'Job failed.' >&2; exit 1; }
                mkdir -p "$where" && mount -t tmpfs tmpfs "$where" ;;
            stop) umount "$where" ;;
        esac
        """#

    private func host(_ body: (HostNamespace, ResolvedPlan) async throws -> Void, _ test: String) async throws {
        try await HostNamespace.with(test, file: #fileID) { host in
            var host = host
            let bin = "\(host.scratch.path)/bin"
            for (name, text) in [
                ("systemctl", Self.systemctl), ("mount.cifs", "#!/bin/sh\n"), ("mount.nfs", "#!/bin/sh\n"),
            ] {
                try host.scratch.write(text, to: "bin/\(name)")
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(bin)/\(name)")
            }
            for directory in ["/run/systemd/system", "/etc/systemd/system"] {
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            }
            host.configuration.commandPath = "\(bin):\(host.configuration.commandPath)"
            var plan = plan(["web": container()])
            let mount = MountPlan(
                type: .smb, source: "//nas/acme", username: SecretText(source: "u"),
                password: SecretText(source: "${secret:nas}"))
            plan.backup = BackupPlan(
                recipients: [],
                targets: [
                    "nas": BackupTarget(
                        store: .directory("\(mount.place(of: "nas"))/acme", local: false), mount: mount)
                ])
            try await body(host, plan)
        }
    }

    private func store(_ host: HostNamespace, _ plan: ResolvedPlan) async throws -> BackupStore {
        let target = try #require(plan.backup?.targets["nas"])
        return try await BackupStore(
            name: "nas", target: target, secrets: Secrets(["nas": "hunter2"]), configuration: host.configuration)
    }

    @Test("with credentials that only root reads; once; and unmounted with its unit when no plan has it")
    func lifecycle() async throws {
        try await host(
            { host, plan in
                let place = try #require(plan.backup?.targets["nas"]?.mount?.place(of: "nas"))
                let store = try await store(host, plan)
                try host.scratch.write("content", to: "file")
                for _ in 1...2 { try await store.put(file: "\(host.scratch.path)/file", as: "run/file") }
                #expect(try content("\(place)/acme/run/file") == "content")
                let mount = try #require(plan.backup?.targets["nas"]?.mount)
                let unit = MountUnit(target: "nas", mount: mount, runtimeDirectory: "").name
                #expect(try content("/run/calls") == "daemon-reload\nstart \(unit)\n")
                #expect(mode("/etc/systemd/system/\(unit)") == 0o644)
                #expect(try !content("/etc/systemd/system/\(unit)").contains("hunter2"))
                let credentials = "\(host.scratch.path)/run/mounts/\(place.split(separator: "/").last ?? "")"
                #expect(try content(credentials) == "username=u\npassword=hunter2\n")
                #expect(mode(credentials) == 0o600 && mode("\(host.scratch.path)/run/mounts") == 0o700)

                // Somebody else's unit, and one of the plan, stay.
                let other = "/etc/systemd/system/mnt-fairlead-own.mount"
                try Data("[Mount]\n".utf8).write(to: URL(filePath: other))
                try await host.host.keepMounts(of: plan)
                #expect(try MountPoint.isMounted(place))
                try await host.host.keepMounts(of: nil)
                #expect(try !MountPoint.isMounted(place))
                for path in [place, credentials, "/etc/systemd/system/\(unit)"] {
                    #expect(!FileManager.default.fileExists(atPath: path), "\(path)")
                }
                #expect(FileManager.default.fileExists(atPath: other))
            }, #function)
    }

    @Test("a share that cannot be mounted is tried again later, and nothing is written to the host's own disk")
    func unreachable() async throws {
        try await host(
            { host, plan in
                try Data().write(to: URL(filePath: "/run/refuse"))
                let place = try #require(plan.backup?.targets["nas"]?.mount?.place(of: "nas"))
                let store = try await store(host, plan)
                let error = await #expect(throws: HostError.self) { _ = try await store.entries() }
                #expect(error?.message.hasPrefix("cannot mount '//nas/acme' of backup target 'nas': ") == true)
                #expect(error?.disposition == .transient && error?.message.contains("hunter2") == false)
                #expect(!FileManager.default.fileExists(atPath: place))

                // A file system that is mounted above is not the share.
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
                _ = await #expect(throws: HostError.self) { try await store.check() }
                try FileManager.default.removeItem(atPath: "/run/refuse")
                try await store.check()
            }, #function)
    }
}
