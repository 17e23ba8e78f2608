import Foundation
import Processes
import TestSupport
import Testing

/// S8: what a backup needs is asked for in step 1, while the stack runs.
@Suite("What backups need of a host", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct BackupReadinessTests {
    @Test("a program that is missing refuses a deployment while the stack runs on, and never a boot or a repair")
    func programs() async throws {
        try await VSN.savable { vsn in
            let before = try await vsn.containerID("web")
            try vsn.commit("1.0.0", changes: try await vsn.changed("1"))
            for (program, package) in [("rclone", "rclone"), ("zstd", "zstd"), ("age", "age")] {
                let result = try await vsn.fairlead("reconcile", without: ["/usr/bin/\(program)"])
                #expect(result.status == 3, "\(result.text)\(result.errorTail)")
                #expect(result.errorTail.contains("'\(program)' is not installed"), "\(result.errorTail)")
                #expect(result.errorTail.contains("apt-get install \(package)"), "\(result.errorTail)")
                #expect(try await vsn.containerID("web") == before)
                #expect(await vsn.served() == "1.0.0")
                try vsn.commit("1.0.0", changes: try await vsn.changed("after \(program)"))
            }
            let doctor = try await vsn.fairlead("doctor", without: ["/usr/bin/zstd"]).text
            #expect(doctor.contains("'zstd' is not installed; needed for backups"), "\(doctor)")
            #expect(doctor.contains("apt-get install zstd"), "\(doctor)")
        }
    }

    @Test("what is deployed is repaired without what backups need")
    func repair() async throws {
        try await VSN.savable { vsn in
            try await vsn.sandbox.podman("rm", "--force", "\(vsn.stack)-web")
            try FileManager.default.removeItem(atPath: "\(vsn.scratch.path)/signing")
            let result = try await vsn.fairlead("reconcile", without: ["/usr/bin/rclone", "/usr/bin/zstd"])
            #expect(result.status == 0, "\(result.text)\(result.errorTail)")
            #expect(await vsn.served() == "1.0.0")
        }
    }

    @Test("keys and targets are tried before the first deployment; a target that goes away later holds no version up")
    func targets() async throws {
        try await VSN.deployed { vsn in
            try await vsn.makeBackupKeys()
            let before = try await vsn.containerID("web")
            try vsn.scratch.write("in the way", to: "store")
            let signing = "\(vsn.scratch.path)/signing"
            try FileManager.default.moveItem(atPath: signing, toPath: "\(signing).away")
            try vsn.commit("1.0.0", changes: try await vsn.backupChanges())
            let refused = try await vsn.fairlead("reconcile")
            #expect(refused.status == 3, "\(refused.text)\(refused.errorTail)")
            #expect(refused.errorTail.contains("cannot read the signing key '\(signing)'"), "\(refused.errorTail)")
            #expect(refused.errorTail.contains("'\(vsn.backupStore)' is no directory"), "\(refused.errorTail)")
            #expect(try await vsn.containerID("web") == before)
            let doctor = try await vsn.fairlead("doctor").text
            #expect(doctor.contains("cannot read the signing key"), "\(doctor)")
            #expect(doctor.contains("the directory '\(vsn.backupStore)' ('disk') is of a commit that is not deployed"))

            try FileManager.default.moveItem(atPath: "\(signing).away", toPath: signing)
            try FileManager.default.removeItem(atPath: vsn.backupStore)
            #expect(try await vsn.fairlead("retry").status == 0)
            let accepted = try await vsn.fairlead("reconcile")
            #expect(accepted.status == 0, "\(accepted.text)\(accepted.errorTail)")
            #expect(try await vsn.fairlead("doctor").text.contains("'disk' takes, gives back and removes"))

            try FileManager.default.removeItem(atPath: vsn.backupStore)
            try vsn.scratch.write("in the way", to: "store")
            try vsn.commit("1.0.0", changes: try await vsn.changed("2"))
            let deployed = try await vsn.fairlead("reconcile")
            #expect(deployed.status == 0, "\(deployed.text)\(deployed.errorTail)")
            #expect(try await vsn.containerID("web") != before)
        }
    }
}

extension VSN {
    /// The changes of `backupChanges`, and one of a container, which replaces it.
    fileprivate func changed(_ value: String) async throws -> String {
        try await backupChanges().replacing(
            #""containers": {"#, with: #""containers": {"web": {"environment": {"A": "\#(value)"}}, "#)
    }
}
