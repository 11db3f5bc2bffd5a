#!/bin/sh
# jobctl add says, before anything boots, when image, platform and drivers do not fit.
# Rows: S0-15 S0-43 S1-18 S1-19 S1-20
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site

wim() { # NAME DRIVER...: an image of Windows Server whose boot.wim has these
	image=$1
	mkdir -p "$tmp/images/$1/1"
	echo wim >"$tmp/images/$1/1/boot.wim"
	{
		printf '# pxekit-image: 1\n# name: %s\n# version: 1\n' "$1"
		printf '# kind: wim\n# arch: x86_64\n# min-disk: 1073741824\n'
		echo '# edition: 1 26100 amd64 Server ServerStandard en-US 1000 Windows Server 2025 Standard'
		(cd "$tmp/images/$1/1" && sha256sum boot.wim)
		shift
		for driver; do
			echo "# driver: $driver 100.101.104.28500"
		done
	} >"$tmp/manifest"
	mv "$tmp/manifest" "$tmp/images/$image/1/MANIFEST"
	ln -sfn 1 "$tmp/images/$image/current"
}
wim plain
wim blk viostor NetKVM
wim whole vioscsi viostor NetKVM
echo 'platform rack { route = http }' >>"$tmp/pxekit.conf"

add() { # PLATFORM IMAGE [option...]
	platform=$1
	image=$2
	shift 2
	run jobctl add -n --mac 52:54:00:00:00:01 --platform "$platform" --image "$image" "$@"
}
fits="dry run: 52:54:00:00:00:01"
puts='wimprep build --drivers puts them in'

add kvm whole
is 0 "$fits whole@1 would be queued" ''
add kvm plain
is 0 "$fits plain@1 would be queued" "jobctl: warning: platform kvm: the boot.wim of plain@1 is not known to have the drivers vioscsi, viostor, netkvm, so Windows PE may find no disk or no network; $puts"
add kvm blk --disk bus=scsi
is 0 "$fits blk@1 would be queued" "jobctl: warning: platform kvm: the boot.wim of blk@1 is not known to have the drivers vioscsi, so Windows PE may find no disk or no network; $puts"
add kvm blk --disk bus=virtio
is 0 "$fits blk@1 would be queued" ''
add hyperv-gen2 plain
is 0 "$fits plain@1 would be queued" ''
add hyperv-gen2 plain --disk 'first bus=virtio'
is 0 "$fits plain@1 would be queued" 'jobctl: warning: platform hyperv-gen2 has disks of scsi, so the disk rule bus=virtio leaves none'
add vmware plain --disk bus=sata
is 0 "$fits plain@1 would be queued" "jobctl: warning: platform vmware: the boot.wim of plain@1 is not known to have the drivers vmxnet3, so Windows PE sees only other disks and network cards; $puts"
for platform in baremetal-uefi baremetal-bios hyperv-gen1 rack; do
	add $platform plain
	is 0 "$fits plain@1 would be queued" ''
done
add toaster plain
is 2 '' 'jobctl: --platform toaster: pxekit.conf has no such platform'

# pxekit.conf refines a platform; what can never work is refused.
cat >>"$tmp/pxekit.conf" <<END
platform baremetal-bios { route = http }
platform hyperv-gen2 { disk = "bus=nvme" }
END
add baremetal-bios plain
is 2 '' "jobctl: platform baremetal-bios: HTTP Boot is UEFI's, and it has a BIOS"
add hyperv-gen2 plain
is 0 "$fits plain@1 would be queued" 'jobctl: warning: platform hyperv-gen2 has disks of scsi, so the disk rule bus=nvme leaves none'
end
