import Files
import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@testable import Backup

@Suite(
    "J6: the files of a release are copied to the customer's storage",
    .enabled(if: mustRun || BackedUpHost.unavailable == nil))
struct ReleaseFilesTests {
    private func host(_ body: (inout BackedUpHost) async throws -> Void) async throws {
        try await BackedUpHost.with { host in
            _ = try host.tree("notes", "docs/a b.txt", "read me")
            let tree = try host.tree("notes", "licence", "none")
            try await host.useVendor(files: tree)
            try await body(&host)
        }
    }

    @Test("all of them, with the vendor's signed list, and again without harm")
    func copied() async throws {
        try await host { host in
            for _ in 1...2 {
                let deliveries = await host.deliverRelease()
                #expect(deliveries.map(\.target) == ["nas"])
                #expect(deliveries.allSatisfy { $0.failure == nil && $0.files == 2 && $0.unlocked.isEmpty })
                #expect(try content("\(host.filesCopy)/docs/a b.txt") == "read me")
            }
            let check = try await Command(
                "/bin/sh", ["-c", #"cd "$0" && sha256sum --quiet --check SHA256SUMS"#, host.filesCopy]
            ).runToEnd()
            #expect(check.status == 0, "\(check.text)\(check.errorTail)")
            let signers = host.plan.backup?.vendor?.signers.first ?? ""
            try host.fixture.scratch.write("vendor \(signers)\n", to: "allowed")
            let verify = try await Command(
                "/bin/sh",
                [
                    "-c",
                    #"exec ssh-keygen -Y verify -f "$0/allowed" -I vendor -n fairlead-release -s "$1.sig" <"$1""#,
                    host.fixture.scratch.path, "\(host.filesCopy)/SHA256SUMS",
                ]
            ).runToEnd()
            #expect(verify.status == 0, "\(verify.errorTail)")
        }
    }

    @Test("one that is changed, missing, added or of another version is not taken for the vendor's")
    func forged() async throws {
        try await host { host in
            let files = "\(host.vendorStore)/releases/1.0.0/files"
            for (change, reason) in [
                ("echo x >new", "'new' is not signed"), ("rm new licence", "'licence' is missing"),
                ("echo none! >licence", "differ"),
                ("sed -i s/1.0.0/1.0.1/ SHA256SUMS", "none of the vendor's 'signers'"),
                ("rm SHA256SUMS.sig", "it is not signed"),
            ] {
                _ = try await Command("/bin/sh", ["-c", "cd \"$0\" && \(change)", files]).run()
                let failure = await host.deliverRelease().first?.failure
                #expect(failure?.message.contains(reason) == true, "\(change): \(failure as Any)")
            }
            // That has none of this version.
            try FileManager.default.moveItem(
                atPath: "\(host.vendorStore)/releases/1.0.0", toPath: "\(host.vendorStore)/releases/2.0.0")
            #expect(await host.deliverRelease().first.map { $0.files == 0 && $0.failure == nil } == true)
        }
    }

    @Test("a vendor's storage that has gone is a failure, not a release without files")
    func gone() async throws {
        try await host { host in
            try FileManager.default.moveItem(atPath: host.vendorStore, toPath: "\(host.vendorStore)-away")
            let delivery = try #require(await host.deliverRelease().first)
            #expect(delivery.failure?.message.contains("is not there") == true, "\(delivery)")
            #expect(delivery.failure?.disposition == .transient)
        }
    }

    @Test(
        "from one bucket to another, where the lock of each is read back",
        .enabled(if: S3Server.unavailable == nil), arguments: [1, nil])
    func buckets(lockDays: Int?) async throws {
        try await host { host in
            let vendors = try await S3Bucket(lockDays: nil, on: S3Server.shared())
            let own = try await S3Bucket(lockDays: lockDays, on: S3Server.shared())
            var targets: [BackupTarget] = []
            for bucket in [vendors, own] {
                let options = bucket.options(try await bucket.key(of: "vsn1"))
                targets.append(
                    BackupTarget(
                        store: .rclone(
                            options: options.mapValues { SecretText(source: $0) }, path: "\(bucket.name)/vsn1"),
                        lock: bucket.name == own.name ? PlanDuration("1d") : nil))
            }
            let store = try await BackupStore(
                name: "vendor", target: targets[0], secrets: Secrets(), configuration: host.fixture.configuration)
            let files = "\(host.vendorStore)/releases/1.0.0/files"
            for name in ["licence", "docs/a b.txt", "SHA256SUMS", "SHA256SUMS.sig"] {
                try await store.put(file: "\(files)/\(name)", as: "releases/1.0.0/files/\(name)")
            }
            host.plan.backup?.vendor?.target = targets[0]
            host.plan.backup?.targets = ["offsite": targets[1]]
            let delivery = try #require(await host.deliverRelease().first)
            #expect(delivery.failure == nil && delivery.files == 2, "\(delivery.failure as Any)")
            #expect(delivery.unlocked.count == (lockDays == nil ? 4 : 0), "\(delivery.unlocked)")
        }
    }

    @Test("each version is due once for each target, and after a failure with growing pauses")
    func due() {
        var state = BackupState()
        let target = BackupTarget(store: .directory("/mnt", local: true))
        var plan = BackupPlan(recipients: [], targets: ["a": target, "b": target])
        let now = Timestamp(milliseconds: 1_795_232_800_000)
        #expect(state.releaseDue(plan, version: "1", now: now) == [])
        plan.vendor = VendorPlan(target: target, signers: [])
        #expect(state.releaseDue(plan, version: "1", now: now) == ["a", "b"])
        state.releases = [
            "a": .init(version: "1", ended: now, summary: ""),
            "b": .init(version: "1", ended: now, summary: "", failures: 1),
        ]
        #expect(state.releaseDue(plan, version: "1", now: now) == [])
        #expect(state.releaseDue(plan, version: "1", now: nil) == ["b"])
        let later = Timestamp(milliseconds: now.milliseconds + 300_000)
        #expect(state.releaseDue(plan, version: "1", now: later) == ["b"])
        #expect(state.releaseDue(plan, version: "2", now: now) == ["a", "b"])
    }
}

extension BackedUpHost {
    fileprivate func deliverRelease() async -> [Backups.ReleaseDelivery] {
        await Backups(host: fixture.host).deliverRelease(
            of: plan, to: Set(plan.backup?.targets.keys ?? [:].keys), secrets: Secrets())
    }
}
