"""Descriptions of domains, as libvirt writes them."""

from __future__ import annotations

LISTED = """\
<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>guest</name>
  <os><type arch='x86_64'>hvm</type><boot dev='hd'/><boot dev='cdrom'/></os>
  <devices>
    <disk type='file' device='disk'><target dev='vda'/></disk>
    <disk type='file' device='cdrom'><target dev='sda'/></disk>
    <interface type='user'/>
    <graphics type='vnc' passwd='hush'/>
  </devices>
  <qemu:commandline><qemu:arg value='-no-hpet'/></qemu:commandline>
</domain>
"""
NUMBERED = """\
<domain type='kvm'>
  <name>guest</name>
  <os><type>hvm</type></os>
  <devices>
    <disk type='file' device='disk'><target dev='vda'/><boot order='1'/></disk>
    <disk type='block' device='lun'><target dev='sdb'/></disk>
    <disk type='file' device='cdrom'><target dev='sda'/><boot order='4'/></disk>
    <interface type='user'><boot order='2'/></interface>
    <interface type='network'/>
    <hostdev mode='subsystem' type='usb'><boot order='3'/></hostdev>
  </devices>
</domain>
"""
