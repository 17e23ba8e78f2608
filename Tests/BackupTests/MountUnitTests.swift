import Foundation
import HostSupport
import Model
import Processes
import TestSupport
import Testing

@testable import Backup
@testable import HostSystem

@Suite("J5: the unit that mounts a backup target's share")
struct MountUnitTests {
    private static let nfs = MountPlan(type: .nfs, source: "nas.example.com:/export/acme", options: ["vers=4.2"])
    private static let smb = MountPlan(
        type: .smb, source: "//nas/Backup Share", username: SecretText(source: "vsn1"),
        password: SecretText(source: "${secret:nas}"), domain: "EXAMPLE")

    private func unit(_ mount: MountPlan, _ target: String = "off-site") -> MountUnit {
        MountUnit(target: target, mount: mount, runtimeDirectory: "/run/fairlead")
    }

    @Test("gives no rights on the host, whatever options the plan has, and hangs on no server")
    func text() {
        let unit = unit(Self.nfs)
        #expect(
            unit.text == """
                # Made by fairlead for a backup target of the deployment plan, do not edit.
                [Unit]
                Description=Share of backup target 'off-site' of Fairlead

                [Mount]
                What=nas.example.com:/export/acme
                Where=\(unit.place)
                Type=nfs
                Options=soft,timeo=150,retrans=3,vers=4.2,nosuid,nodev,noexec
                TimeoutSec=60

                """)
        let smb = self.unit(Self.smb)
        let file = "/run/fairlead/mounts/\(smb.place.split(separator: "/").last ?? "")"
        #expect(smb.text.contains("\nWhat=//nas/Backup Share\n") && smb.text.contains("\nType=cifs\n"))
        #expect(smb.text.contains("\nOptions=soft,nosuid,nodev,noexec,credentials=\(file)\n"))
        #expect(!smb.text.contains("vsn1") && !smb.text.contains("secret"))
    }

    @Test("has its credentials in a file of its own; what would break out of that is refused")
    func credentials() {
        let secret = { (value: String) in self.unit(Self.smb).credentials(Secrets(["nas": value])) }
        #expect(secret("a, b=c%") == "username=vsn1\npassword=a, b=c%\ndomain=EXAMPLE\n")
        #expect(secret("a\ndomain=b") == nil)
        #expect(unit(Self.smb).credentials(Secrets()) == nil)
    }

    @Test(
        "is named as systemd names it, and systemd finds nothing wrong with it",
        .enabled(if: mustRun || Command.find("systemd-analyze") != nil),
        arguments: [MountUnitTests.nfs, MountUnitTests.smb])
    func systemd(mount: MountPlan) async throws {
        let unit = unit(mount)
        let escaped = try await Command("/usr/bin/systemd-escape", ["--path", "--suffix=mount", unit.place]).run().text
        #expect(escaped == "\(unit.name)\n")
        #expect(MountUnit.place(ofUnit: unit.name) == unit.place)
        let scratch = try Scratch()
        try scratch.write(unit.text, to: unit.name)
        let verified = try await Command(
            "/usr/bin/systemd-analyze", ["verify", "--man=no", "--recursive-errors=no", "\(scratch.path)/\(unit.name)"]
        ).runToEnd()
        #expect(verified.status == 0 && verified.errorTail.isEmpty, "\(verified.errorTail)")
    }
}
